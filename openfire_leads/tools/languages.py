"""The language of what is noted where nobody is at work: by the mail gateway, by a scheduled action."""


def of_readers(env, user, team):
    """Return the language to note something in: that of the work, if it has one, else that of those who will read it.

    :param user: ``res.users``, the salesperson; may be empty, as may be the next
    :param team: ``crm.team``
    :returns: a language's code, or False where nobody tells
    """
    if env.lang:
        return env.lang
    # sudo: who reads it, whoever may see these users
    user, team = user.sudo(), team.sudo()
    reader = user or team.user_id or team.member_ids
    return reader[:1].lang or False
