"""What ``generate`` and ``most_likely`` return."""

from dinorc._drawing.generated_names import GeneratedNames, GenerationReport, NamesShare

__all__ = ["GeneratedNames", "GenerationReport", "NamesShare"]
