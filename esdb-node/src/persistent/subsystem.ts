import type { EventLog } from '../log/eventLog.js';
import { Config } from './config.js';
import { LogPages } from './logPages.js';
import { groupExists, groupMissing } from './errors.js';
import { Group } from './group.js';
import type { GroupDefinition, Settings } from './settings.js';
import { idOf } from './settings.js';

/** How often groups are looked after that have something to be looked after, milliseconds: a real server's own rhythm. */
const TICK = 1_000;

/** The persistent subscriptions of a node: which there are, and their work. */
export class PersistentSubscriptions {
  private readonly definitions = new Map<string, GroupDefinition>();
  private readonly groups = new Map<string, Group>();
  /** Sources that have, or had, groups: only of others a list is refused. */
  private readonly sources = new Set<string>();
  private readonly watched = new Set<Group>();
  private readonly config: Config;
  private readonly pages: LogPages;
  private timer: NodeJS.Timeout | undefined;

  /** @param report told of errors that are the node's own fault */
  constructor(
    private readonly log: EventLog,
    private readonly report: (fault: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.pages = new LogPages(log.reader);
    this.config = new Config(log, () => [...this.definitions.values()]);
  }

  /** Starts the groups that the log knows of. Throws when what it says of them cannot be read. */
  begin(): void {
    for (const definition of this.config.load()) {
      this.definitions.set(idOf(definition), definition);
      this.start(definition);
    }
  }

  /** The group of a source by its name. Throws GrpcError when there is none. */
  find(source: string, name: string): Group {
    const group = this.groups.get(idOf({ source, name }));
    // another source and name can make the same id
    if (group?.definition.source !== source) throw groupMissing(source, name);
    return group;
  }

  /** All groups, or those of a source, in the order of their creation. Throws GrpcError when the source never had one. */
  list(source?: string): Group[] {
    if (source !== undefined && !this.sources.has(source)) throw groupMissing(source, '');
    const all = [...this.groups.values()];
    return source === undefined ? all : all.filter(({ definition }) => definition.source === source);
  }

  /** Resolves when the group is safe; it works from now on. Throws GrpcError when it exists. */
  async create(definition: GroupDefinition, user: string): Promise<void> {
    const id = idOf(definition);
    if (this.definitions.has(id)) throw groupExists(definition.source, definition.name);
    this.definitions.set(id, definition);
    const group = this.start(definition);
    try {
      await this.config.save(user);
    } catch (cause) {
      this.definitions.delete(id);
      this.groups.delete(id);
      group.stop();
      throw cause;
    }
  }

  /** Gives a group other settings: its consumers are dropped, it goes on from its checkpoint. Throws GrpcError without the group. */
  async update(source: string, name: string, settings: Settings, user: string): Promise<void> {
    const { definition } = this.find(source, name);
    const changed = { ...definition, settings };
    const id = idOf(definition);
    this.definitions.set(id, changed);
    await this.config.save(user);
    // it may have been removed, or changed again, meanwhile
    if (this.definitions.get(id) === changed) await this.startAnew(changed);
  }

  /** Removes a group with its checkpoint and its parked messages. Throws GrpcError without the group. */
  async remove(source: string, name: string, user: string): Promise<void> {
    const group = this.find(source, name);
    this.definitions.delete(group.id);
    this.groups.delete(group.id);
    group.stop();
    // in one turn: all of it is durable, or nothing
    await Promise.all([this.config.write(user), group.parked.remove(), group.progress.stream.remove()]);
  }

  /** Drops all consumers and starts every group anew. */
  async restart(): Promise<void> {
    await Promise.all([...this.definitions.values()].map((definition) => this.startAnew(definition)));
  }

  /** Ends all work; resolves when nothing more is written. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const groups = [...this.groups.values()];
    for (const group of groups) group.stop();
    await Promise.all(groups.map((group) => group.keepReplays().catch(this.report)));
  }

  private start(definition: GroupDefinition): Group {
    const { log, pages, now, report } = this;
    const group = new Group(definition, { log, pages, now, report, watch: (one) => this.watch(one) });
    this.groups.set(group.id, group);
    this.sources.add(definition.source);
    return group;
  }

  private async startAnew(definition: GroupDefinition): Promise<void> {
    const before = this.groups.get(idOf(definition));
    before?.stop();
    this.start(definition);
    await before?.keepReplays();
  }

  /** One timer for all groups, and only while there is something to look after. */
  private watch(group: Group): void {
    this.watched.add(group);
    this.timer ??= setInterval(() => this.tick(), TICK).unref();
  }

  private tick(): void {
    for (const group of this.watched) if (!group.tick()) this.watched.delete(group);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
