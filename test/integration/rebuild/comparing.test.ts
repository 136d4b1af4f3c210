import { expect } from 'chai';
import { compareTables } from '../../../src/projections/rebuild/compare.js';
import { rebuild } from '../../../src/projections/rebuild/rebuild.js';
import { schemaOf } from '../../../src/projections/rebuild/routes.js';
import { enterRebuilds, fill, type RebuildGround } from './ground.js';

const BUILD = schemaOf('order_view', 2);
/** More than are summed up in one statement. */
const MANY = 12_000;

describe('a comparison of two builds of a large read model', function () {
  this.timeout(300_000);
  let suite: RebuildGround;
  before(async () => {
    suite = await enterRebuilds();
    fill(suite.ground.log, 1);
    await rebuild(suite.options());
    const { name } = suite.orderView().readModel;
    for (const schema of ['public', BUILD]) {
      await suite.ground.database.query(
        `INSERT INTO ${schema}.${name} (id, revision, state, view, status, number, placed_at, payment, fulfilment, mode, channel, location_id,
           search, refund_pending, amending)
         SELECT 'ord_' || number, 0, '{}', json_build_object('number', number), 'placed', number, '2024-05-04T12:00:00Z',
                'pending', 'none', 'pickup', 'api', 'main', number, false, false
         FROM generate_series(1, ${MANY}) AS number`,
      );
    }
  });
  after(async () => {
    await suite.clear();
    await suite.ground.leave();
  });

  const compare = async () => {
    const [table] = suite.orderView().readModel.tables;
    if (!table) throw new Error('the order view has no table');
    const { database, log } = suite.ground;
    return await compareTables(table, database, database, BUILD, [], log);
  };

  it('counts and sums up every row of both', async () => {
    expect(await compare()).to.include({ servingRows: MANY, builtRows: MANY, sameChecksum: true });
  });

  it('sees one that differs, wherever it is', async () => {
    const { name } = suite.orderView().readModel;
    for (const id of ['ord_1', 'ord_5', 'ord_9999']) {
      const change = (status: string) =>
        suite.ground.database.query(`UPDATE ${BUILD}.${name} SET status = $2 WHERE id = $1`, [id, status]);
      await change('cancelled');
      expect(await compare())
        .to.include({ sameChecksum: false })
        .and.to.have.property('different')
        .that.deep.equals([id]);
      await change('placed');
    }
  });
});
