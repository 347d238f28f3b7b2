"""Everything that is read: texts, labels and signs."""
