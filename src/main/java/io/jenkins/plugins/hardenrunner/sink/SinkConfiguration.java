package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** Who is told of blocks outside of this Jenkins; nobody at first. In configuration as code: {@code security: hardenRunnerSinks: …}. */
@Extension
@Symbol("hardenRunnerSinks")
public final class SinkConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private List<Sink> sinks = new ArrayList<>();

    @NonNull
    public static SinkConfiguration get() {
        return ExtensionList.lookupSingleton(SinkConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.SinkConfiguration_displayName();
    }

    @NonNull
    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    /** Takes the form as a whole or not at all. */
    @Override
    public synchronized boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        List<Sink> before = sinks;
        boolean done = false;
        try (BulkChange change = new BulkChange(this)) {
            // A form without entries has no list, and binding would leave the last one standing.
            sinks = new ArrayList<>();
            super.configure(req, json);
            change.commit();
            done = true;
        } catch (IOException e) {
            throw new FormException(e, "");
        } catch (RuntimeException e) {
            PolicyException wrong = PolicyForms.causeOf(e);
            if (wrong == null) {
                throw e;
            }
            throw new FormException(wrong.getMessage(), wrong, "");
        } finally {
            if (!done) {
                sinks = before;
            }
        }
        SinkWorker.get().configured();
        return true;
    }

    @NonNull
    public synchronized List<Sink> getSinks() {
        return new ArrayList<>(sinks);
    }

    /** Throws PolicyException, as the form does, rather than store what cannot be used. */
    @DataBoundSetter
    public synchronized void setSinks(@CheckForNull List<Sink> sinks) {
        List<Sink> changed = sinks == null ? new ArrayList<>() : new ArrayList<>(sinks);
        Set<String> names = new HashSet<>();
        for (Sink sink : changed) {
            try {
                sink.check();
            } catch (PolicyException e) {
                throw new PolicyException("sink '" + sink.getName() + "': " + e.getMessage(), e);
            }
            if (!names.add(sink.getName())) {
                throw new PolicyException("the sink '" + sink.getName() + "' is defined twice");
            }
        }
        this.sinks = changed;
        save();
        SinkWorker.get().configured();
    }
}
