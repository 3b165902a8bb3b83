"""What somebody may be allowed to do with cases and processes."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "process.case.see", "see cases"
    SEE_SERVICES = "process.service.see", "see the cases of every service"
    START = "process.case.start", "start work inside the councils"
    ACT = "process.case.act", "do steps of cases"
    TAKE = "process.case.take", "take work on cases"
    PASS_ON = "process.case.pass_on", "pass work on"
    NOTE = "process.case.note", "write notes on cases"
    WRITE = "process.case.write", "write to the person who asked"
    SEARCH = "process.case.search", "search cases"
    END = "process.case.end", "end cases before their process does"
    SUPERVISE = "process.case.supervise", "do or pass on the work of other teams"
    SEE_QUEUES = "process.queue.see", "see the queues of all teams"
    XRAY = "process.xray.see", "see the X-ray of how work goes"
    EXPORT = "process.log.see", "see logs of cases and take them away"
    SEE_PROCESSES = "process.definition.see", "see processes"
    PUBLISH = "process.definition.publish", "publish processes"
    MIGRATE = "process.definition.migrate", "move running cases to another version of their process"
