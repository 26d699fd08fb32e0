"""The world: each module binds one vendor to one port."""
