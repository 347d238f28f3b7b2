"""How the exhibit and its child processes talk: whole typed messages over a socket that only this user can reach."""
