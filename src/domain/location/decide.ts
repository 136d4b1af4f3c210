import { assertNever } from '../kernel/assertNever.js';
import { canonicalJson } from '../kernel/canonicalJson.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { isBefore } from '../kernel/instant.js';
import { alreadyExists, notFound } from '../kernel/rejections.js';
import type { LocationCommand } from './commands.js';
import type { DeliveryZone, LocationEvent, OpeningHours } from './events.js';
import { isTimeZone } from './localTime.js';
import type { InvalidLocation, LocationRejection } from './rejections.js';
import type { Location, LocationState } from './state.js';

type LocationDecision = Decision<LocationRejection, LocationEvent>;

/** Which events a command leads to in a state of the location, or why it is refused. */
export function decide(command: LocationCommand, state: LocationState): LocationDecision {
  if (command.type === 'OpenLocation') return open(command.location, state);
  if (state.status === 'none') return refuse(notFound('location'));
  switch (command.type) {
    case 'ChangeLocation': {
      const { location, reason } = command;
      const wrong = whatIsWrong(location);
      if (wrong) return refuse(wrong);
      if (reason.trim() === '') return refuse({ _tag: 'ReasonRequired' });
      if (canonicalJson(location) === canonicalJson(state.location)) return alreadyTrue;
      return record({ type: 'LocationChanged', data: { location, reason } });
    }
    case 'PauseOrdering': {
      const { reason, until, at } = command;
      if (reason.trim() === '') return refuse({ _tag: 'ReasonRequired' });
      if (until !== undefined && !isBefore(at, until)) return refuse({ _tag: 'PauseIsOver', until });
      const pause = { reason, ...(until === undefined ? {} : { until }) };
      if (canonicalJson(pause) === canonicalJson(state.paused ?? null)) return alreadyTrue;
      return record({ type: 'OrderingPaused', data: pause });
    }
    case 'ResumeOrdering':
      return state.paused ? record({ type: 'OrderingResumed', data: {} }) : alreadyTrue;
    default:
      return assertNever(command);
  }
}

function open(location: Location, state: LocationState): LocationDecision {
  if (state.status === 'open') {
    return canonicalJson(state.location) === canonicalJson(location)
      ? alreadyTrue
      : refuse(alreadyExists('location', state.location.locationId));
  }
  const wrong = whatIsWrong(location);
  return wrong ? refuse(wrong) : record({ type: 'LocationOpened', data: location });
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What no location can be, whatever it is for. */
function whatIsWrong({
  timeZone,
  modes,
  hours,
  businessDayBegins,
  deliveryZones,
  stations,
  defaultStation,
  taxRates = [],
  currency,
}: Location): InvalidLocation | undefined {
  if (!isTimeZone(timeZone)) return wrong('timeZone', `${timeZone} is no time zone that is known here`);
  if (modes.length === 0) return wrong('modes', 'name at least one mode');
  if (businessDayBegins !== undefined && !TIME.test(businessDayBegins)) {
    return wrong('businessDayBegins', `${businessDayBegins} is no time of a day such as 04:00`);
  }
  if (stations && !stations.includes(defaultStation)) {
    return wrong('defaultStation', `${defaultStation} is none of the stations that the location has`);
  }
  const over = taxRates.find(
    ({ validFrom, validUntil }) =>
      validFrom !== undefined && validUntil !== undefined && !isBefore(validFrom, validUntil),
  );
  if (over) return wrong('taxRates', `a rate of ${over.taxClass} is over before it begins`);
  return wrongHours(hours) ?? wrongZone(deliveryZones ?? []) ?? wrongFee(deliveryZones ?? [], currency);
}

const wrong = (field: string, problem: string): InvalidLocation => ({ _tag: 'InvalidLocation', field, problem });

function wrongHours(hours: Location['hours']): InvalidLocation | undefined {
  const intervals = [...(hours?.weekly ?? []), ...(hours?.exceptions ?? []).flatMap((exception) => exception.hours)];
  const odd = intervals.find(({ from, to }) => !TIME.test(from) || !TIME.test(to));
  if (odd) return wrong('hours', `${odd.from} to ${odd.to} are no times of a day such as 09:00`);
  const strange = (hours?.weekly ?? []).flatMap(({ days }) => days).find((day) => !(day >= 1 && day <= 7));
  if (strange !== undefined) return wrong('hours', `the days are 1 (Monday) to 7 (Sunday), not ${strange}`);
  const twice = twoOfOneDate(hours?.exceptions ?? []);
  return twice === undefined ? undefined : wrong('hours', `two exceptions say what holds on ${twice}`);
}

/** Of two exceptions of one date that are for the same mode, or both for all of them, nobody could say which holds. */
const twoOfOneDate = (exceptions: OpeningHours['exceptions']): string | undefined =>
  exceptions.find(({ date, modes }, at) =>
    exceptions
      .slice(0, at)
      .some(
        (other) =>
          other.date === date &&
          (modes === undefined
            ? other.modes === undefined
            : modes.some((mode) => other.modes?.includes(mode) === true)),
      ),
  )?.date;

/** A zone without a beginning would be everywhere, and of two with one name nobody could say which is meant. */
function wrongZone(zones: readonly DeliveryZone[]): InvalidLocation | undefined {
  const twice = zones.find(({ zone }, at) => zones.findIndex((other) => other.zone === zone) !== at);
  if (twice) return wrong('deliveryZones', `two zones are called ${twice.zone}`);
  const empty = zones.find(({ postalPrefixes }) => postalPrefixes.length === 0 || postalPrefixes.includes(''));
  return empty && wrong('deliveryZones', `say how the postal codes of ${empty.zone} begin`);
}

/** What is brought is paid for together with what is in the bag, in one currency. */
function wrongFee(zones: readonly DeliveryZone[], currency: string | undefined): InvalidLocation | undefined {
  const amounts = zones.flatMap(({ zone, fee, freeFrom, minimumOrder }) =>
    [fee, freeFrom, minimumOrder].flatMap((money) => (money === undefined ? [] : [{ zone, ...money }])),
  );
  const debt = amounts.find(({ amount }) => amount < 0);
  if (debt) return wrong('deliveryZones', `nothing of ${debt.zone} can cost less than nothing`);
  const [first = ''] = currency === undefined ? amounts.map((one) => one.currency) : [currency];
  const strange = amounts.find((one) => one.currency !== first);
  if (strange) return wrong('deliveryZones', `what ${strange.zone} costs is in ${strange.currency}, not in ${first}`);
  const vain = zones.find(({ fee, freeFrom }) => freeFrom !== undefined && fee === undefined);
  return vain && wrong('deliveryZones', `say what bringing things to ${vain.zone} costs below its freeFrom`);
}
