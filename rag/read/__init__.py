"""The reader: a small contextual model that looks for the answer in a passage. NumPy at the seam."""
