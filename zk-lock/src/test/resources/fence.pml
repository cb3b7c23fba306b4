/*
 * Acquire, expire, fence: a lock whose holders may be taken for dead without knowing it, and a resource behind a fence.
 *
 * Each client queues a node, holds when no conflicting node is before it, and then reads and writes the resource in its
 * own time. Its session may expire at any moment: the node goes, the next one holds, and the client goes on as if
 * nothing had been. The fence keeps the greatest token that wrote and the greatest that read. A shared holder needs a
 * token not smaller than the last write; an exclusive one, besides, greater than the last read.
 *
 * -DWRITES_ONLY is the tempting shortcut: reads do not pass the fence.
 */

#define CLIENTS 3
#define EXCLUSIVE 1
#define SHARED 2

byte node[CLIENTS];      /* the number of a client's live node; 0 for none */
byte mode[CLIENTS];
byte numbers;            /* the last number given: the token */
byte live;               /* the client whose holding is being asked for */

byte lastWrite;
byte lastRead;
byte value;              /* the resource: how often it was raised */
byte acknowledged;       /* how often somebody was told that it was */
byte finished;

/* No conflicting node before this one. */
inline holds(me, answer) {
  d_step {
    answer = (node[me] != 0);
    live = 0;
    do
    :: live < CLIENTS ->
      if
      :: node[live] != 0 && node[live] < node[me] && (mode[live] == EXCLUSIVE || mode[me] == EXCLUSIVE) -> answer = 0
      :: else
      fi;
      live++
    :: else -> break
    od;
    live = 0
  }
}

/* Within a step: whether the fence lets the token in; raises the marks when it does. */
inline admit(token, how, answer) {
  answer = (token >= lastWrite && (how == SHARED || token > lastRead));
  if
  :: answer && how == EXCLUSIVE -> lastWrite = token
  :: answer && how == SHARED && token > lastRead -> lastRead = token
  :: else
  fi
}

inline enqueue(me, how) {
  d_step {
    numbers++;
    node[me] = numbers;
    mode[me] = how;
    token = numbers
  }
}

proctype Raiser(byte me) {
  byte token;
  byte seen;
  bool yes;
  enqueue(me, EXCLUSIVE);
  do
  :: holds(me, yes);
    if
    :: yes -> break
    :: node[me] == 0 -> goto done        /* expired while it waited */
    :: else -> (numbers != 0)
    fi
  od;
#ifdef WRITES_ONLY
  seen = value;
#else
  atomic { admit(token, EXCLUSIVE, yes); seen = value };
  if
  :: !yes -> goto done
  :: else
  fi;
#endif
  atomic {                                /* much later, for all it knows */
    admit(token, EXCLUSIVE, yes);
    if
    :: yes -> value = seen + 1; acknowledged++
    :: else
    fi
  };
done:
  skip;
  d_step { node[me] = 0; finished++ }
}

proctype Reader(byte me) {
  byte token;
  byte first;
  bool yes;
  enqueue(me, SHARED);
  do
  :: holds(me, yes);
    if
    :: yes -> break
    :: node[me] == 0 -> goto done
    :: else -> (numbers != 0)
    fi
  od;
  atomic { admit(token, SHARED, yes); first = value };
  if
  :: !yes -> goto done
  :: else
  fi;
  atomic {
    admit(token, SHARED, yes);
    assert(!yes || first == value)        /* what it was let in to read did not change while it was let in */
  };
done:
  skip;
  d_step { node[me] = 0; finished++ }
}

/* Sessions end whenever they like. */
proctype Expiry() {
  byte victim;
  do
  :: finished < CLIENTS ->
    if
    :: victim = 0
    :: victim = 1
    :: victim = 2
    fi;
    d_step { node[victim] = 0 }
  :: finished == CLIENTS -> break
  od
}

init {
  atomic {
    run Raiser(0);
    run Raiser(1);
    run Reader(2);
    run Expiry()
  };
  (finished == CLIENTS);
  assert(value == acknowledged)           /* no raise that was acknowledged is lost */
}
