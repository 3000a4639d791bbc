"""How names are drawn and searched for, and the lists and reports that come of it."""
