"""Plain material of which documents are made: the joint between the halls law, people and documents."""
