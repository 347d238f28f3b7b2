"""Which of two pictures has the noise?"""
