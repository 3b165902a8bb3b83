"""The engine itself: pure functions over the state of one case. No Django, no database.

`state` holds what a case is while it is worked on. `steps` is what can be done with it: begin, complete, wake, and say
that another case is closed; `voting` is for what several people decide. Below them, `answering` takes answers and all
that follows from them, `choosing` says what is in the way and which outcomes are on offer, `moving` opens, skips and
closes, `waiting` and `clocks` look after time. The store loads a state and writes down what changed; a simulation may
keep it in memory.
"""
