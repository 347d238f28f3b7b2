"""What outlives a visit: counts, faults, and the datasets that staff asked to keep."""
