"""What a figure means: every change of a KPI, its parts and its targets is kept, with a reason once it was relied on."""
