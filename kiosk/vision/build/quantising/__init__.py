"""Float networks quantised: ranges from calibration inputs, biases corrected for what rounding shifts."""
