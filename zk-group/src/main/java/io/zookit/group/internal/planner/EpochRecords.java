package io.zookit.group.internal.planner;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the records of an epoch that has ended. They have no effect any more, because no claim of that epoch can be made; what
 * a lost connection leaves stays.
 */
final class EpochRecords {

  private static final Logger log = LoggerFactory.getLogger(EpochRecords.class);
  private static final int MOST_DELETES = 500;

  private EpochRecords() {}

  static void delete(GroupNodes nodes, SessionHandle handle, SpecRecord ended) {
    ZkPath epoch = nodes.epochRecords(ended.epoch());
    List<String> buckets = new ArrayList<>();
    for (int bucket = 0; bucket < ended.buckets(); bucket++) {
      buckets.add(epoch.own(Integer.toString(bucket)).value());
    }
    Multi.listChildren(handle, buckets, listed -> {
      List<Op> ops = new ArrayList<>();
      for (int i = 0; i < listed.size(); i++) {
        if (listed.get(i).isOk()) {
          String bucket = buckets.get(i);
          listed.get(i).get().forEach(record -> ops.add(Op.delete(bucket + "/" + record, -1)));
          ops.add(Op.delete(bucket, -1));
        }
      }
      ops.add(Op.delete(epoch.value(), -1));
      Multi.batches(ops, MOST_DELETES)
          .forEach(batch -> handle.multi(batch, answer -> {
            if (!answer.isOk()) {
              log.info("{}: records of epoch {} are left: {}", nodes, ended.epoch(), answer.code());
            }
          }));
    });
  }
}
