"""Sample data: an invented excerpt of a city hall and its months. Everything here is marked 架空値（見本）."""
