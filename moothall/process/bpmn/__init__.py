"""Processes in BPMN 2.0 (ISO/IEC 19510), the language of other houses' tools: written out, and read as a first draft.

Not for: running BPMN, or keeping a process in it. Rules, questions, circles, votes and promises have no full likeness
there; what BPMN cannot say stands in the documentation of its elements.
"""
