"""What Redis does in one step: Lua scripts, each wholly or not at all.

https://redis.io/docs/latest/develop/programmability/eval-intro/

All keys carry the hash tag {infobot}, so that a cluster keeps them on one node and a script may
reach them all. For a chat c: the list `chat:c` holds its arrivals, oldest first, each as the time
of acceptance, a space and JSON; the hash `head:c` holds token, attempts and again of the oldest.
The sorted set `due` holds the chats that wait, by when they are due; a claimed chat is due when
its lease runs out. The sorted set `questions` holds the question log, each as its number, the
time, and JSON, by number; the list `asked:c` the numbers of a chat's questions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

#: What every key begins with.
PREFIX = "{infobot}:"

#: Given to all: the time, as ARGV[1] or else the server's own, and the two ways to remember.
_PREAMBLE = """
local at = '{infobot}:'
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = tonumber(t[1]) + tonumber(t[2]) / 1000000
end
local function until_ms(seconds) return string.format('%.0f', (now + seconds) * 1000) end
local function exact(number) return string.format('%.6f', number) end
local function keep(name, value, seconds)
  if value == '' then return redis.call('DEL', at .. name) end
  return redis.call('SET', at .. name, value, 'PXAT', until_ms(seconds))
end
local function holds(chat, token)
  return redis.call('HGET', at .. 'head:' .. chat, 'token') == token
end
local function log_question(chat, packed, seconds)
  local number = redis.call('INCR', at .. 'asked')
  redis.call('ZADD', at .. 'questions', number, number .. ' ' .. exact(now) .. ' ' .. packed)
  redis.call('RPUSH', at .. 'asked:' .. chat, number)
  redis.call('PEXPIREAT', at .. 'asked:' .. chat, until_ms(seconds))
end
local function take_off(chat)
  redis.call('LPOP', at .. 'chat:' .. chat)
  redis.call('DEL', at .. 'head:' .. chat)
  local following = redis.call('LINDEX', at .. 'chat:' .. chat, 0)
  if following then
    redis.call('ZADD', at .. 'due', string.match(following, '^%S+'), chat)
  else
    redis.call('ZREM', at .. 'due', chat)
  end
end
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the name that Redis gives it."""

    body: str
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        # Redis names a script by SHA-1; nothing is protected by it.
        sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "sha", sha)

    @property
    def text(self) -> str:
        """The whole script."""
        return _PREAMBLE + self.body


#: ARGV: now, seconds to remember keys, then key, chat and JSON of each arrival.
ACCEPT = Script("""
local new = 0
for i = 3, #ARGV, 3 do
  local key, chat, packed = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if redis.call('SET', at .. 'seen:' .. key, '', 'NX', 'PXAT', until_ms(ARGV[2])) then
    redis.call('RPUSH', at .. 'chat:' .. chat, exact(now) .. ' ' .. packed)
    redis.call('ZADD', at .. 'due', 'NX', exact(now), chat)
    new = new + 1
  end
end
return new
""")

#: ARGV: now, seconds of the lease, then a token for each claim wanted. Returns for each claim:
#: chat, token, attempts, again, JSON, and what is kept as talk, language and apology.
CLAIM = Script("""
local claims = {}
local chats = redis.call(
  'ZRANGEBYSCORE', at .. 'due', '-inf', exact(now), 'LIMIT', 0, #ARGV - 2)
for i, chat in ipairs(chats) do
  local head, token = at .. 'head:' .. chat, ARGV[i + 2]
  local oldest = redis.call('LINDEX', at .. 'chat:' .. chat, 0)
  if oldest then
    redis.call('HSET', head, 'token', token)
    redis.call('ZADD', at .. 'due', exact(now + ARGV[2]), chat)
    local attempts = redis.call('HINCRBY', head, 'attempts', 1)
    local again = redis.call('HEXISTS', head, 'again')
    local kept = redis.call(
      'MGET', at .. 'talk:' .. chat, at .. 'language:' .. chat, at .. 'apology:' .. chat)
    local packed = string.match(oldest, '^%S+ (.*)$')
    claims[#claims + 1] = {chat, token, attempts, again, packed, kept}
  else
    -- Somebody deleted keys by hand, or the server evicts them: nothing is left to answer.
    redis.call('DEL', head)
    redis.call('ZREM', at .. 'due', chat)
  end
end
return claims
""")

#: ARGV: now, seconds of the lease, then chat and token of each claim.
RENEW = Script("""
for i = 3, #ARGV, 2 do
  if holds(ARGV[i], ARGV[i + 1]) then
    redis.call('ZADD', at .. 'due', exact(now + ARGV[2]), ARGV[i])
  end
end
""")

#: ARGV: now, chat, token, JSON of the question or nothing, seconds of the retention, number of
#: entries, then name, value and seconds of each entry, then the names of counters. Like all below
#: that take a token, returns 0 if the claim is lost.
FINISH = Script("""
if not holds(ARGV[2], ARGV[3]) then return 0 end
take_off(ARGV[2])
if ARGV[4] ~= '' then log_question(ARGV[2], ARGV[4], ARGV[5]) end
local last = 6 + 3 * ARGV[6]
for i = 7, last, 3 do keep(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
for i = last + 1, #ARGV do redis.call('HINCRBY', at .. 'counters', ARGV[i], 1) end
return 1
""")

#: ARGV: now, chat, token, seconds to wait, 1 if the attempt counts.
PUT_BACK = Script("""
if not holds(ARGV[2], ARGV[3]) then return 0 end
local head = at .. 'head:' .. ARGV[2]
redis.call('HDEL', head, 'token')
if ARGV[5] ~= '1' then
  redis.call('HINCRBY', head, 'attempts', -1)
  redis.call('HSET', head, 'again', 1)
end
redis.call('ZADD', at .. 'due', exact(now + ARGV[4]), ARGV[2])
return 1
""")

#: ARGV: now, chat, token, JSON for the list, most to keep, counter.
SET_ASIDE = Script("""
if not holds(ARGV[2], ARGV[3]) then return 0 end
take_off(ARGV[2])
redis.call('ZADD', at .. 'aside', exact(now), ARGV[4])
redis.call('ZREMRANGEBYRANK', at .. 'aside', 0, -1 - ARGV[5])
redis.call('HINCRBY', at .. 'counters', ARGV[6], 1)
return 1
""")

#: ARGV: now, then name, value and seconds of each entry.
KEEP = Script("""
for i = 2, #ARGV, 3 do keep(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
""")

#: ARGV: now, name, seconds. Returns 1 to the first who asks.
TAKE_TURN = Script("""
return redis.call('SET', at .. ARGV[2], '', 'NX', 'PXAT', until_ms(ARGV[3])) and 1 or 0
""")

#: ARGV: now, chat, JSON of the question, seconds of the retention.
LOG = Script("""
log_question(ARGV[2], ARGV[3], ARGV[4])
""")

#: ARGV: now, seconds of the retention, what was done or nothing, digests of questions.
SETTLE = Script("""
for i = 4, #ARGV do
  redis.call('ZREM', at .. 'settled', 'taught ' .. ARGV[i], 'dismissed ' .. ARGV[i])
  if ARGV[3] ~= '' then
    redis.call('ZADD', at .. 'settled', exact(now + ARGV[2]), ARGV[3] .. ' ' .. ARGV[i])
  end
end
""")

#: ARGV: now. Returns the settled questions, each as what was done and the digest.
SETTLED = Script("""
return redis.call('ZRANGEBYSCORE', at .. 'settled', '(' .. exact(now), '+inf')
""")

#: ARGV: now, chat, name of the counter.
FORGET = Script("""
local chat = ARGV[2]
redis.call('DEL', at .. 'talk:' .. chat, at .. 'language:' .. chat, at .. 'apology:' .. chat)
local erased = 0
for _, number in ipairs(redis.call('LRANGE', at .. 'asked:' .. chat, 0, -1)) do
  erased = erased + redis.call('ZREMRANGEBYSCORE', at .. 'questions', number, number)
end
redis.call('DEL', at .. 'asked:' .. chat)
if erased > 0 then redis.call('HINCRBY', at .. 'counters', ARGV[3], erased) end
""")

#: ARGV: now, seconds of the retention, most questions to erase. Returns how many were.
TIDY = Script("""
redis.call('ZREMRANGEBYSCORE', at .. 'aside', '-inf', exact(now - ARGV[2]))
redis.call('ZREMRANGEBYSCORE', at .. 'settled', '-inf', exact(now))
local erased = 0
for _, member in ipairs(redis.call('ZRANGE', at .. 'questions', 0, ARGV[3] - 1)) do
  local number, asked_at, packed = string.match(member, '^(%d+) (%S+) (.*)$')
  if tonumber(asked_at) > now - ARGV[2] then break end
  redis.call('ZREM', at .. 'questions', member)
  redis.call('LREM', at .. 'asked:' .. cjson.decode(packed).chat, 1, number)
  erased = erased + 1
end
return erased
""")

#: ARGV: now. Returns the time in Unix seconds, as text.
NOW = Script("""
return exact(now)
""")
