"""Training of the reader: questions made from a corpus, labelled questions, the network, export."""
