"""The words of the field: ids, states, frozen messages. Standard library and pydantic only."""
