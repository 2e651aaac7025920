"""What is known and what is done: the words, the plan, the rows, the transactions on them."""
