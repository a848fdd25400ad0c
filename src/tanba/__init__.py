"""tanba (Kazakh: mark, seal): know, do and prove what Kazakhstan's AI law asks."""

__version__ = "0.1.0"
