"""Where ``CharRNN`` was defined, for models pickled then; it is ``dinorc.CharRNN``."""

from dinorc._estimators.char_rnn import CharRNN

__all__ = ["CharRNN"]
