"""How Japan counts and writes: fiscal calendar, wareki, periods, closed days, numbers and dates. No models, no clock."""
