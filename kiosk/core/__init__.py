"""The exhibit's facts: values, events, effects and the display list; nothing here owns a resource."""
