"""A sheet to take home: the photo and the lie that lives on paper, each between its markers."""
