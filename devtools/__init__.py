"""What ``./dev`` is made of: one small module per thing it sets up, standard library only."""
