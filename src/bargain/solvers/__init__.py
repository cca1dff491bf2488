"""What is predicted: one solution concept, one file, one public name; `catalogue` is the table of them."""
