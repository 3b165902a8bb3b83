"""The service of the world: every resident asks for it, and every council works on it."""

SERVICE = "lost-canary"
SOURCE = """
process: lost-canary
title: Lost canary
owner: desk
start: [resident, agent]
service:
  title: Report a lost canary
  description: Tell us that your canary flew away.
  category: Birds
  keywords: [bird, canary]
  how_long: We look within two working days.
  contact: required
fields:
  what: {ask: What happened?, label: What happened, type: text}
  more: {ask: What else?, label: What else, type: text, optional: true}
  question: {ask: What must we know?, label: Question, type: text, optional: true}
  answer: {ask: Your answer?, label: Answer, type: text}
  finding: {ask: What was found?, label: Finding, type: text, private: [hub]}
  evidence: {ask: What proves it?, label: Evidence, type: file, private: [hub], optional: true}
clocks:
  look: {title: Looked for, within: 2 working days, from: report, until: look, pause: reply, late: {tell: desk}}
steps:
  report: {title: Report, by: [resident, agent], ask: [what, more]}
  check:
    title: Check
    by: desk
    next: We look at it.
    show: [what]
    ask: [question]
    outcomes:
      go: {title: Send the crew}
      ask: {title: Ask, when: has(question), tell: resident, say: We need to ask you something.}
  reply:
    title: Reply
    by: [resident]
    next: We wait for you.
    when: check.outcome == "ask"
    show: [question]
    ask: [answer]
    outcomes: {answered: {title: Send, back: check}}
  probe:
    title: TITLE
    by: hub
    private: [hub]
    after: report
    ask: [finding, evidence]
    outcomes: {SAID: {title: TITLE}}
  look:
    title: Look for it
    by: crew
    after: [reply, probe]
    next: The crew comes.
    outcomes: {found: {title: Found, end: found, tell: resident}}
"""
