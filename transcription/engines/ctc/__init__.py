"""A Vietnamese CTC model run by our own streaming loop in onnxruntime."""
