"""The engine itself: pure functions over the state of one case. No Django, no database.

`state` holds what a case is while it is worked on, `steps` moves it on, `clocks` keeps its promises about time.
The store loads a state and writes down what changed; a simulation may keep it in memory.
"""
