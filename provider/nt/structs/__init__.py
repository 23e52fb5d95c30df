"""NT structures that a guest can see, one file a component; layouts are those of 32-bit Windows."""
