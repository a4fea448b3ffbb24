"""The ranking's weights chosen without a data set, and what they reach on it: do they transfer?"""
