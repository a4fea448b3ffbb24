"""The product beside other libraries: same model, documents and questions, each in an environment of its own."""
