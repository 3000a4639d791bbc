"""Help for learners: their own functions of the notebook beside ours, in plain words."""
