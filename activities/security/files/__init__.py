"""Files that officers attach: what they are by content, and the same without where and by whom they were made."""
