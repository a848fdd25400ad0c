"""How results are shown: text for people, JSON, SARIF and JUnit for machines. Renderers take values and return text."""
