"""The transactions on a case: the only code that changes one."""
