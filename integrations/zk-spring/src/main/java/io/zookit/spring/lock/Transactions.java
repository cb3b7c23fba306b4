package io.zookit.spring.lock;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/** The transaction of the current thread, where the application has transactions at all. */
final class Transactions {

  private static final boolean PRESENT = ClassUtils.isPresent(
      "org.springframework.transaction.support.TransactionSynchronizationManager",
      Transactions.class.getClassLoader());

  private Transactions() {}

  /** Tells if a transaction is active. */
  static boolean isActive() {
    return PRESENT && Bound.isActive();
  }

  /** Runs an action when the active transaction is completed, whatever its outcome. */
  static void afterCompletion(Runnable action) {
    Bound.afterCompletion(action);
  }

  /** Loaded only if the classes that it uses exist. */
  private static final class Bound {

    static boolean isActive() {
      return TransactionSynchronizationManager.isActualTransactionActive()
          && TransactionSynchronizationManager.isSynchronizationActive();
    }

    static void afterCompletion(Runnable action) {
      TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
        @Override
        public void afterCompletion(int status) {
          action.run();
        }
      });
    }
  }
}
