"""The features of the exhibit, a package each; what one topic may know of another are its messages."""
