"""One file per kind of medium: each marks a file of its kind and finds marks again (`Format`)."""
