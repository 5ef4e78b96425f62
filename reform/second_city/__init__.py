"""A second, invented city, with the odd cases that a first one does not have: for trials, pictures and tests.

Its words are in fixtures/second_city; how much there is of everything is a size; its history is made by the same acts
as the pages use, month by month, so that revisions, events, routes and closings are what they would be.
"""
