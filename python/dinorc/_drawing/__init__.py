"""How names are drawn and searched for, and what is said of them."""
