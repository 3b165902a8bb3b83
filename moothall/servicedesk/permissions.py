"""What somebody may be allowed to do at the service desk. Anybody of the staff may ask it for help."""

from moothall.councils.permissions import Permission


class Can(Permission):
    SEE = "servicedesk.call.see", "see calls"
    LOG = "servicedesk.call.log", "log calls for others"
    WORK = "servicedesk.call.work", "work on calls: sort, assign, merge, split and answer them"
    MOVE = "servicedesk.call.move", "move calls to another council"
    IMPORT = "servicedesk.call.import", "bring calls in from another system"
    SEE_ARTICLES = "servicedesk.article.see", "read articles that are for the desk"
    WRITE_ARTICLES = "servicedesk.article.write", "write articles and canned replies"
    PUBLISH_ARTICLES = "servicedesk.article.publish", "publish articles"
    SET_UP = "servicedesk.desk.set", "set up the desk: rules, rotas, catalogue, recurring work, keys"
    SEE_MAJORS = "servicedesk.major.see", "see major incidents"
    LEAD_MAJORS = "servicedesk.major.lead", "lead major incidents"
    REVIEW_MAJORS = "servicedesk.major.review", "review major incidents with the other councils"
    PUBLISH_MAJORS = "servicedesk.major.publish", "publish reports of major incidents"
    SEE_CHANGES = "servicedesk.change.see", "see changes and their calendar"
    RAISE_CHANGES = "servicedesk.change.raise", "raise changes"
    HOLD_BOARD = "servicedesk.change.hold_board", "hold the change board: meetings, seats, freezes"
    TRIAGE_OBSERVED = "servicedesk.change.triage", "decide about changes that nobody approved"
    SEE_PACK = "servicedesk.pack.see", "see the performance pack"
    PREPARE_PACK = "servicedesk.pack.prepare", "prepare and publish the performance pack"
    SIGN_PACK = "servicedesk.pack.sign", "comment on the performance pack and sign it off for a council"
    SEE_SATISFACTION = "servicedesk.survey.see", "see what users say of the calls that were closed"
