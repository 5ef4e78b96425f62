"""The rules of what a figure may say, written a second time and apart from the product, and compared with its pages.

`rules` is written from the rules alone: fractions and rows read by SQL; it imports nothing of the product's arithmetic,
claims or wording. `worlds` makes random worlds by the product's own acts. `surface` reads what the pages print.
"""
