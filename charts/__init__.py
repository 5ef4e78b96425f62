"""A chart described once: a specification, drawn as SVG for pages and print and handed to plotly for interaction."""
