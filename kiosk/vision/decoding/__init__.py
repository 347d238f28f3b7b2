"""A small process that reads the pictures people bring, so that none of them can hold up or take over the exhibit."""
