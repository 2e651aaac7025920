"""The agencies: their tasks and what their answers must look like."""
