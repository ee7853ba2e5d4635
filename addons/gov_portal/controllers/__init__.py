from . import deposit, desks, done, track
